//! The little statistics the report needs: nearest-rank percentiles and a line through logarithms.

/// Measured values, in any order and unit.
#[derive(Clone, Debug, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The nearest-rank percentile, `rank` between 0 and 1; `NaN` of nothing.
    pub fn percentile(&self, rank: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let index = ((rank * sorted.len() as f64).ceil() as usize).max(1) - 1;
        sorted.get(index).or(sorted.last()).copied().unwrap_or(f64::NAN)
    }

    pub fn median(&self) -> f64 {
        self.percentile(0.5)
    }
}

/// The exponent `b` of `y = a·x^b` that fits best in the sense of least squares on logarithms.
///
/// Points without a positive value are left out; `None` with fewer than two.
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> =
        points.iter().filter(|(x, y)| *x > 0.0 && *y > 0.0).map(|(x, y)| (x.ln(), y.ln())).collect();
    if logs.len() < 2 {
        return None;
    }
    let count = logs.len() as f64;
    let mean_x = logs.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = logs.iter().map(|(_, y)| y).sum::<f64>() / count;
    let over = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>();
    let under = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>();
    (under > 0.0).then(|| over / under)
}

#[cfg(test)]
mod tests {
    use super::{Sample, exponent};

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let mut sample = Sample::default();
        (1..=100).for_each(|value| sample.push(f64::from(value)));
        assert_eq!([0.5, 0.99, 1.0].map(|rank| sample.percentile(rank)), [50.0, 99.0, 100.0]);
        assert!(Sample::default().median().is_nan());
    }

    #[test]
    fn the_exponent_of_a_square_is_two() {
        let points: Vec<(f64, f64)> = [1.0, 10.0, 100.0].iter().map(|x| (*x, 3.0 * x * x)).collect();
        assert!((exponent(&points).unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(exponent(&[(1.0, 1.0), (2.0, 0.0)]), None);
    }
}
